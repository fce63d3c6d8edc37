"""The photo studio: backdrop, lights and a camera that frames whatever stands in the scene."""

import math

import bpy
import shapes
from mathutils import Vector
from palette import linear
from shading import Shader, surface

BACKDROPS = ("#f3f3f1", "#f3f3f1", "#e6e6e4", "#e9e2d6", "#dce3e8", "#e9dedc", "#dfe6dd", "#c9c9c7")
# how the product is shown: (camera elevation range, azimuth reach), in degrees
VIEWS = {"floor": ((8, 26), 38), "wall": ((-4, 8), 24), "hang": ((-6, 8), 30), "flat": ((46, 70), 40)}


def clear():
    """Empty scene, ready for a product."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("studio")


def photograph(path, mount, rng, samples=8, size=256):
    """Light, frame and render the objects now in the scene to a WebP file."""
    low, high = _bounds()
    (lowest, highest), swing = VIEWS[mount]
    elevation, azimuth = rng.uniform(lowest, highest), rng.uniform(-swing, swing)
    _backdrop(low, high, mount, azimuth, rng)
    _lights(low, high, rng)
    _camera(low, high, math.radians(elevation), math.radians(azimuth), rng)
    _render(path, samples, size)


def _bounds():
    """Corners of the box around every object."""
    bpy.context.view_layer.update()
    points = [o.matrix_world @ Vector(c) for o in bpy.context.scene.objects for c in o.bound_box]
    return (
        Vector([min(p[a] for p in points) for a in range(3)]),
        Vector([max(p[a] for p in points) for a in range(3)]),
    )


def _backdrop(low, high, mount, azimuth, rng):
    """A wall, or a paper sweep with now and then a wooden board on it, square to the camera."""
    reach = max(high - low)
    shader = Shader("backdrop")
    shader.set(base_color=linear(rng.choice(BACKDROPS)), roughness=0.8)
    paper = shader.material
    wooden = mount in ("floor", "flat") and rng.random() < 0.22
    floor_z = low.z - (3.0 * reach if mount == "hang" else 0.001 * reach)
    wall_y = high.y + reach * (0.002 if mount == "wall" else 2.2)
    far, curve = 30 * reach, (0.0 if mount == "wall" else 1.2 * reach)
    if mount == "wall":
        shapes.box((far, 0.1, far), ((low.x + high.x) / 2, wall_y + 0.05, low.z), paper, bevel=0)
        return
    arc = [
        (wall_y + curve * math.sin(a), floor_z + curve * (1 - math.cos(a)))
        for a in (math.pi / 2 * i / 12 for i in range(13))
    ]
    profile = [(-far, floor_z), *arc, (arc[-1][0], far)]
    vertices = [(x, y, z) for y, z in profile for x in (-far, far)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(profile) - 1)]
    shapes.add_mesh("cyclorama", vertices, faces, paper, smooth_angle=80)
    if wooden:
        plank = surface("wood", rng.choice(("beige", "brown")))
        width, middle = 3.2 * reach, (low + high) / 2
        shapes.box(
            (4 * width, width, 0.06 * reach),
            (middle.x, middle.y, floor_z - 0.0285 * reach),
            plank,
            rotate=(0, 0, azimuth),
        )


def _lights(low, high, rng):
    """Large key light at one side, weaker fill at the other, a rim light and a bright room."""
    centre, reach = (low + high) / 2, max(high - low)
    side = rng.choice((-1, 1))
    strength = rng.uniform(0.85, 1.15)
    for x, y, z, size, power in (
        (1.6 * side, -1.5, 2.0, 1.6, 62),
        (-2.0 * side, -1.2, 1.0, 2.4, 20),
        (-0.8 * side, 1.6, 2.4, 1.2, 26),
    ):
        lamp = bpy.data.lights.new("softbox", "AREA")
        lamp.energy, lamp.size = power * strength * reach**2, size * reach
        obj = bpy.data.objects.new("softbox", lamp)
        obj.location = centre + reach * Vector((x, y, z))
        obj.rotation_euler = (centre - obj.location).to_track_quat("-Z", "Y").to_euler()
        bpy.context.scene.collection.objects.link(obj)
    world = bpy.context.scene.world
    world.use_nodes = True
    tone = rng.uniform(-0.03, 0.03)
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (1 + tone, 1, 1 - tone, 1)
    background.inputs[1].default_value = 0.5


def _camera(low, high, elevation, azimuth, rng):
    """Aim at the middle of the product and step back until it fills most of the frame."""
    towards = Vector(
        (
            math.sin(azimuth) * math.cos(elevation),
            -math.cos(azimuth) * math.cos(elevation),
            math.sin(elevation),
        )
    )
    centre = (low + high) / 2
    turn = towards.to_track_quat("Z", "Y")
    corners = [
        turn.inverted() @ (Vector((x, y, z)) - centre)
        for x in (low.x, high.x)
        for y in (low.y, high.y)
        for z in (low.z, high.z)
    ]
    lens, fill = rng.uniform(50, 85), rng.uniform(0.78, 0.92)
    tangent = fill * 18 / lens  # half of the 36 mm sensor, less the margin
    distance = max(c.z + max(abs(c.x), abs(c.y)) / tangent for c in corners)
    data = bpy.data.cameras.new("camera")
    data.lens, data.clip_end = lens, 1000
    camera = bpy.data.objects.new("camera", data)
    camera.location = centre + towards * distance
    camera.rotation_euler = turn.to_euler()
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def _render(path, samples, size):
    scene = bpy.context.scene
    scene.world.cycles.sampling_method = "NONE"  # one plain colour: nothing to sample
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples, scene.cycles.seed = "CPU", samples, 1
    scene.cycles.use_denoising = True
    scene.cycles.denoising_quality = scene.cycles.denoising_prefilter = "FAST"
    scene.cycles.use_adaptive_sampling = scene.cycles.use_light_tree = False
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 10, 1, 2
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.resolution_x = scene.render.resolution_y = size
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = 0.1
    scene.render.image_settings.file_format = "WEBP"
    scene.render.image_settings.quality = 82
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
