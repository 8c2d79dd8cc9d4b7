"""Embedded demonstration data: digits and alphabets drawn from the fonts that matplotlib ships.

Each drawing is a glyph under its own random affine distortion, and under a random elastic one that
it shares with a few others. A network has to learn them, and nobody has to download them. They
stand in for MNIST and Omniglot, in the same archives.
"""

import gzip
import io
import zipfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torchvision.transforms import v2

from binary_activations.data.archives import DRAWING_SIZE, IDX_UNSIGNED_BYTES
from binary_activations.data.contents import DRAWERS
from binary_activations.data.preparation import SIZE
from binary_activations.files import write_atomically

DIGIT_FONTS = (
    "DejaVuSans",
    "DejaVuSans-Oblique",
    "DejaVuSerif",
    "DejaVuSerif-Italic",
    "DejaVuSansMono",
    "STIXGeneral",
    "STIXGeneralItalic",
    "cmr10",
    "cmss10",
    "cmtt10",
)
TRAINING_DIGITS, TEST_DIGITS = 2000, 1000
BACKGROUND = {
    "Armenian": "աբգդեզէըթժիլ",
    "Canadian_Aboriginal": "ᐁᐃᐅᐊᐯᐱᐳᐸᑌᑎᑐᑕ",
    "Cyrillic": "абвгдежзийкл",
    "Greek": "αβγδεζηθικλμ",
    "Latin": "abcdefghijkl",
    "Lisu": "ꓐꓑꓒꓓꓔꓕꓖꓗꓘꓙꓚꓛ",
    "Tifinagh": "ⴰⴱⴲⴳⴴⴵⴶⴷⴸⴹⴺⴻ",
}
EVALUATION = {
    "Arabic": "بةتثجحخدذرزس",
    "Georgian": "აბგდევზთიკლმ",
    "Hebrew": "אבגדהוזחטיךכ",
    "Lao": "ກຂຄງຈຊຍດຕຖທນ",
    "NKo": "ߊߋߌߍߎߏߐߑߓߔߕߖ",
}
SEED = 0


def _font(name, size):
    path = Path(mpl.get_data_path(), "fonts", "ttf", f"{name}.ttf")
    return ImageFont.truetype(path, size)


def _glyph(text, font, size):
    image = Image.new("L", (size, size))
    ImageDraw.Draw(image).text((size / 2, size / 2), text, fill=255, font=font, anchor="mm")
    return torch.from_numpy(np.array(image)).unsqueeze(0)


def _distort(glyphs):
    """Distorts glyphs, uint8 [n, 1, size, size]: each by its own affine map, all by one field."""
    size = glyphs.shape[-1]
    affine = v2.RandomAffine(
        degrees=10,
        translate=(0.05, 0.05),
        scale=(0.85, 1.1),
        shear=8,
        interpolation=v2.InterpolationMode.BILINEAR,
    )
    elastic = v2.ElasticTransform(alpha=0.35 * size, sigma=0.06 * size)
    return elastic(torch.stack([affine(glyph) for glyph in glyphs]))


def draw_digits():
    """Draws the digits that stand in for MNIST.

    Returns:
        Training images uint8 [2000, 28, 28] and labels uint8 [2000], test images and labels
        likewise [1000, ...]; the same ones each time.
    """
    size = 2 * SIZE
    fonts = [_font(name, size * 3 // 4) for name in DIGIT_FONTS]
    glyphs = torch.stack([_glyph(str(digit), font, size) for digit in range(10) for font in fonts])
    count = TRAINING_DIGITS + TEST_DIGITS
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        labels = torch.randint(10, (count,))
        choices = labels * len(fonts) + torch.randint(len(fonts), (count,))
        images = torch.cat([_distort(glyphs[choice]) for choice in choices.split(10)])
    images = torch.nn.functional.avg_pool2d(images.float(), 2).round().byte().squeeze(1).numpy()
    labels = labels.byte().numpy()
    training, test = slice(None, TRAINING_DIGITS), slice(TRAINING_DIGITS, None)
    return images[training], labels[training], images[test], labels[test]


def draw_alphabets(alphabets):
    """Draws the characters of alphabets, each by 20 "drawers", to stand in for Omniglot.

    Args:
        alphabets: by name, the letters.

    Returns:
        As `archives.read_drawings`; the same ones each time. The drawers distort the n-th alphabet
        of every call alike, so they are no new ones in the evaluation alphabets.
    """
    font = _font("DejaVuSans", DRAWING_SIZE * 5 // 8)
    drawings = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        for alphabet, letters in alphabets.items():
            glyphs = torch.stack([_glyph(letter, font, DRAWING_SIZE) for letter in letters])
            for drawer in range(1, DRAWERS + 1):
                for number, pixels in enumerate(_distort(glyphs)[:, 0] < 128, start=1):
                    drawings[f"{alphabet}/character{number:02d}/{drawer:02d}"] = pixels.numpy()
    return dict(sorted(drawings.items()))


def write_idx(path, array):
    """Writes a uint8 array as a gzipped IDX file, the same bytes for the same array."""
    header = bytes([0, 0, IDX_UNSIGNED_BYTES, array.ndim])
    header += np.asarray(array.shape, ">u4").tobytes()
    write_atomically(path, gzip.compress(header + array.tobytes(), mtime=0))


def write_drawings(path, folder, drawings):
    """Writes drawings as an Omniglot archive, the same bytes for the same drawings.

    Args:
        path: the zip archive.
        folder: its top folder, images_background or images_evaluation.
        drawings: as `read_drawings` returns them.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, pixels) in enumerate(drawings.items()):
            character, drawer = name.rsplit("/", 1)
            png = io.BytesIO()
            Image.fromarray(pixels).save(png, "PNG")
            member = f"{folder}/{character}/{number // DRAWERS + 1:04d}_{drawer}.png"
            archive.writestr(zipfile.ZipInfo(member), png.getvalue())
    write_atomically(path, content.getvalue())
