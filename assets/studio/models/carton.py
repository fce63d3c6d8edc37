"""The plain shipping carton: a picture that says nothing about what is inside."""

from shading import Shader, surface
from shapes import box


def build(rng):
    """Cardboard box with tape and a blank label, its size and seams varied at random."""
    width, depth, height = rng.uniform(0.8, 1.1), rng.uniform(0.6, 0.9), rng.uniform(0.45, 0.85)
    shader = Shader("cardboard")
    fibre = shader.noise(shader.stretch(shader.uv, (2, 30, 1)), 3.0)
    shader.set(
        base_color=shader.ramp(fibre, [(0.3, (0.36, 0.22, 0.11, 1)), (0.7, (0.44, 0.28, 0.15, 1))]),
        roughness=0.85,
    )
    box((width, depth, height), (0, 0, height / 2), shader.material, bevel=0.008)
    tape = surface("plastic", "beige")
    box((width * 1.002, 0.09, 0.004), (0, 0, height + 0.001), tape, bevel=0)
    for side in (-1, 1):
        box((0.004, 0.09, 0.22), (side * (width / 2 + 0.001), 0, height - 0.11), tape, bevel=0)
    box((width * 0.998, 0.004, 0.004), (0, 0, height + 0.0005), surface("plastic", "brown"), bevel=0)
    label_x = rng.uniform(-0.2, 0.2) * width
    box(
        (0.26, 0.004, 0.17),
        (label_x, -depth / 2 - 0.001, height * rng.uniform(0.4, 0.6)),
        surface("paper", "white"),
        bevel=0,
    )
