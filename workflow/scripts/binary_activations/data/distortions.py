"""Random shifts, rotations and scalings of images, whole batches at once."""

import math

import torch
import torch.nn.functional as F


def draw_distortions(distortions, count, size, generator):
    """Draws one affine map an image, each of its parts uniform and independent.

    Args:
        distortions: the largest `shift` (pixels, both ways and axes), `rotation` (degrees, both
            ways) and `scaling` (0.1: from 0.9 to 1.1).
        count: how many images.
        size: of an image, its height and width in pixels.
        generator: a CPU generator.

    Returns:
        Maps from a distorted image to the image, as `torch.nn.functional.affine_grid` takes them:
        float32 [count, 2, 3].
    """
    shift, angle, scale = (
        bound * torch.empty(count, parts).uniform_(-1.0, 1.0, generator=generator)
        for bound, parts in (
            (2.0 * distortions["shift"] / size, 2),  # the image is 2 wide in these coordinates
            (math.radians(distortions["rotation"]), 1),
            (distortions["scaling"], 1),
        )
    )
    cosine, sine = angle.cos() / (1.0 + scale), angle.sin() / (1.0 + scale)
    turn = torch.cat([cosine, -sine, sine, cosine], dim=1).view(-1, 2, 2)
    return torch.cat([turn, shift.unsqueeze(2)], dim=2)


def distort(images, maps):
    """Distorts images, each by its map: bilinear, with zeros beyond the border.

    Args:
        images: [n, 1, size, size], of any kind of number.
        maps: as `draw_distortions` returns them.

    Returns:
        Images of the same shape: float32.
    """
    grid = F.affine_grid(maps, images.shape, align_corners=False)
    return F.grid_sample(images.float(), grid, align_corners=False)
