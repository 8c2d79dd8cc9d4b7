"""Random distortions, against shifts, rotations and scalings done by hand."""

import pytest
import torch

from binary_activations.data.distortions import distort, draw_distortions

NONE = {"shift": 0, "rotation": 0, "scaling": 0}
SIZE = 28


def draw(count=1, **distortions):
    random = torch.Generator().manual_seed(0)
    return draw_distortions(NONE | distortions, count, SIZE, random)


def images(count=1):
    random = torch.Generator().manual_seed(1)
    return torch.randint(256, (count, 1, SIZE, SIZE), generator=random).byte()


def test_none_leaves_images_as_they_are():
    torch.testing.assert_close(distort(images(5), draw(5)), images(5).float(), atol=1e-3, rtol=0)


def test_shifts_are_in_pixels():
    maps = draw()
    maps[0, :, 2] = torch.tensor([2.0, -4.0]) / SIZE  # one pixel to the left, two down
    expected = torch.zeros(1, 1, SIZE, SIZE)
    expected[..., 2:, :-1] = images()[..., :-2, 1:]
    torch.testing.assert_close(distort(images(), maps), expected, atol=1e-2, rtol=0)


def test_a_quarter_turn_is_a_rotation():
    maps = draw(rotation=90)
    cosine, sine = torch.tensor(0.0), torch.tensor(1.0)
    maps[0, :, :2] = torch.stack([cosine, -sine, sine, cosine]).view(2, 2)
    turned = distort(images(), maps)
    assert any(
        torch.allclose(turned, torch.rot90(images().float(), turns, (2, 3)), atol=0.05)
        for turns in (1, 3)
    )


def test_scaling_makes_the_image_larger():
    square = torch.zeros(64, 1, SIZE, SIZE)
    square[..., 8:20, 8:20] = 1.0
    maps = draw(64, scaling=0.25)
    scales = 1.0 / maps[:, 0, 0]
    assert (scales > 0.75).logical_and(scales < 1.25).all()
    areas = distort(square, maps).sum((1, 2, 3))
    torch.testing.assert_close(areas, 144 * scales**2, rtol=0.06, atol=0)


@pytest.mark.parametrize(
    ("distortions", "of"),
    [
        ({"shift": 2}, lambda maps: maps[:, :, 2] * SIZE / 2),
        ({"rotation": 10}, lambda maps: torch.rad2deg(torch.atan2(maps[:, 1, 0], maps[:, 0, 0]))),
        ({"scaling": 0.1}, lambda maps: 1.0 / maps[:, 0, 0] - 1.0),
    ],
)
def test_draws_are_uniform_within_their_bounds(distortions, of):
    (bound,) = distortions.values()
    values = of(draw(4000, **distortions)).flatten() / bound
    assert values.abs().max() <= 1.0 + 1e-5
    quartiles = values.quantile(torch.tensor([0.25, 0.5, 0.75]))
    torch.testing.assert_close(quartiles, torch.tensor([-0.5, 0.0, 0.5]), atol=0.06, rtol=0)


def test_images_are_drawn_independently_and_by_the_generator():
    maps = draw(3, shift=2, rotation=10, scaling=0.1)
    assert len(maps.unique(dim=0)) == 3
    assert torch.equal(maps, draw(3, shift=2, rotation=10, scaling=0.1))
