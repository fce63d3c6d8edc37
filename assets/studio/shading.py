"""Procedural shaders: one function a material, patterns drawn in UV space."""

import bpy
from palette import COLOURS, METAL_TONES, WOOD_TONES, linear


class Shader:
    """A Principled material under construction, with short-hands for adding and linking nodes."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.nodes = self.material.node_tree.nodes
        self.bsdf = self.nodes["Principled BSDF"]
        self.uv = self.add("ShaderNodeTexCoord").outputs["UV"]
        self.position = self.nodes[-1].outputs["Object"]

    def add(self, kind, inputs=None, **settings):
        """Add a node; each input is a plain value or another node's socket."""
        node = self.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.put(node.inputs[key], value)
        return node

    def put(self, socket, value):
        """Link a socket or set its value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.material.node_tree.links.new(value, socket)
        else:
            socket.default_value = value

    def set(self, **inputs):
        """Set Principled inputs: `base_color=...` is input "Base Color"."""
        for key, value in inputs.items():
            self.put(self.bsdf.inputs[key.replace("_", " ").title().replace("Ior", "IOR")], value)
        return self

    def stretch(self, coordinates, scale):
        """Scale coordinates per axis."""
        return self.add("ShaderNodeMapping", {"Vector": coordinates, "Scale": scale}).outputs[0]

    def noise(self, coordinates, scale, detail=4.0):
        """Fractal noise, 0 ... 1."""
        return self.add("ShaderNodeTexNoise", {"Vector": coordinates, "Scale": scale, "Detail": detail}).outputs[0]

    def ramp(self, factor, stops, interpolation="LINEAR"):
        """Colour ramp through (position, rgba) stops."""
        node = self.add("ShaderNodeValToRGB", {"Fac": factor})
        node.color_ramp.interpolation = interpolation
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position, element.color = position, colour
        return node.outputs[0]

    def mix(self, factor, a, b):
        """Blend two colours."""
        node = self.add("ShaderNodeMix", data_type="RGBA")
        for index, value in ((0, factor), (6, a), (7, b)):
            self.put(node.inputs[index], value)
        return node.outputs[2]

    def bump(self, height, strength, distance=0.02):
        """Feed a height field to the normal input."""
        node = self.add("ShaderNodeBump", {"Height": height, "Strength": strength, "Distance": distance})
        return self.set(normal=node.outputs[0])


def shade(colour, factor):
    """Darken (factor < 1) or lighten a linear RGBA."""
    return (*(min(1.0, c * factor) for c in colour[:3]), 1.0)


def surface(kind, colour, pattern="plain", accent="white"):
    """Material of `kind` in a named colour, patterned in the accent colour."""
    return KINDS[kind](Shader(kind), colour, pattern, accent).material


def patterned(shader, base, pattern, accent, scale=1.0):
    """Colour of a pattern drawn over `base`: a socket, or the plain colour."""
    uv = shader.stretch(shader.uv, (scale, scale, 1))
    if pattern in ("stripes", "waves"):
        wobble = 0.0 if pattern == "stripes" else 9.0
        wave = shader.add(
            "ShaderNodeTexWave",
            {"Vector": uv, "Scale": 2.6, "Distortion": wobble, "Detail": 0.0, "Detail Scale": 0.8},
            bands_direction="X",
        )
        return shader.ramp(wave.outputs[1], [(0.0, base), (0.52, accent)], "CONSTANT")
    if pattern == "checks":
        return shader.add(
            "ShaderNodeTexChecker", {"Vector": uv, "Color1": base, "Color2": accent, "Scale": 7.0}
        ).outputs["Color"]
    if pattern == "dots":
        cells = shader.add(
            "ShaderNodeTexVoronoi", {"Vector": uv, "Scale": 8.0, "Randomness": 0.0}, voronoi_dimensions="2D"
        )
        return shader.ramp(cells.outputs["Distance"], [(0.0, accent), (0.3, base)], "CONSTANT")
    if pattern == "speckled":
        return shader.ramp(shader.noise(shader.position, 30.0 * scale, 1.0), [(0.0, base), (0.62, accent)], "CONSTANT")
    return base


def _ceramic(shader, colour, pattern, accent):
    glaze = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    return shader.set(base_color=glaze, roughness=0.18, coat_weight=0.6, coat_roughness=0.08)


def _plastic(shader, colour, pattern, accent):
    paint = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    return shader.set(base_color=paint, roughness=0.38)


def _paper(shader, colour, pattern, accent):
    paint = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    return shader.set(base_color=paint, roughness=0.75)


def _rubber(shader, colour, pattern, accent):
    paint = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    shader.bump(shader.noise(shader.position, 90.0), 0.25, 0.01)
    return shader.set(base_color=paint, roughness=0.6)


def _wax(shader, colour, pattern, accent):
    paint = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    return shader.set(base_color=paint, roughness=0.4, subsurface_weight=0.3)


def _wood(shader, colour, pattern, accent):
    tone = linear(WOOD_TONES.get(colour, COLOURS[colour]))
    depth = 0.55 if colour in WOOD_TONES else 0.82  # painted wood hides most of its grain
    grain = shader.noise(shader.stretch(shader.uv, (1.2, 16.0, 1.0)), 2.2, 6.0)
    base = shader.ramp(grain, [(0.3, shade(tone, depth)), (0.7, shade(tone, 1.12))])
    shader.bump(grain, 0.12)
    return shader.set(base_color=base, roughness=0.42)


def _metal(shader, colour, pattern, accent):
    if colour in METAL_TONES:
        streaks = shader.noise(shader.stretch(shader.uv, (3.0, 160.0, 1.0)), 2.0, 2.0)
        rough = shader.add("ShaderNodeMapRange", {"Value": streaks, "To Min": 0.16, "To Max": 0.42}).outputs[0]
        return shader.set(base_color=linear(METAL_TONES[colour]), metallic=1.0, roughness=rough)
    paint = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    return shader.set(base_color=paint, roughness=0.25, coat_weight=0.8)


def _glass(shader, colour, pattern, accent):
    """Thin glass: light crosses four surfaces, so each may only tint a little."""
    dye = linear(COLOURS[colour])
    smoke = {"black": 0.78, "brown": 0.88, "grey": 0.9}.get(colour, 1.0)
    tint = (*(smoke * (0.62 + 0.38 * c / max(dye[:3])) for c in dye[:3]), 1)
    return shader.set(base_color=tint, roughness=0.02, transmission_weight=0.96, ior=1.42)


def _fabric(shader, colour, pattern, accent):
    dye = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    fuzz = shader.noise(shader.uv, 120.0, 2.0)
    depth = shader.add("ShaderNodeMath", {0: fuzz, 1: 0.3}, operation="MULTIPLY").outputs[0]
    cloth = shader.mix(depth, dye, (0.0, 0.0, 0.0, 1.0))
    weave = shader.add("ShaderNodeTexChecker", {"Vector": shader.uv, "Scale": 90.0}).outputs["Factor"]
    shader.bump(weave, 0.25, 0.01)
    return shader.set(base_color=cloth, roughness=0.9, sheen_weight=0.35)


def _leather(shader, colour, pattern, accent):
    hide = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]))
    cells = shader.add("ShaderNodeTexVoronoi", {"Vector": shader.position, "Scale": 55.0}).outputs["Distance"]
    shader.bump(cells, 0.3, 0.01)
    return shader.set(base_color=hide, roughness=0.42)


def _stone(shader, colour, pattern, accent):
    tone = linear(COLOURS[colour])
    vein = shade(tone, 0.3) if colour not in ("black", "navy") else (0.55, 0.55, 0.52, 1)
    warped = shader.noise(shader.stretch(shader.position, (1, 0.6, 1.3)), 2.4, 9.0)
    marble = shader.ramp(warped, [(0.0, tone), (0.45, tone), (0.5, vein), (0.55, tone)])
    return shader.set(base_color=marble, roughness=0.22, coat_weight=0.3)


def _wicker(shader, colour, pattern, accent):
    tone = patterned(shader, linear(COLOURS[colour]), pattern, linear(COLOURS[accent]), 0.7)
    weave = shader.add(
        "ShaderNodeTexChecker", {"Vector": shader.stretch(shader.uv, (1.6, 0.7, 1)), "Scale": 16.0}
    ).outputs["Factor"]
    strands = shader.add("ShaderNodeTexWave", {"Vector": shader.uv, "Scale": 9.0}, bands_direction="X").outputs[1]
    height = shader.add("ShaderNodeMath", {0: weave, 1: strands}, operation="MULTIPLY").outputs[0]
    shader.bump(height, 0.9, 0.04)
    gap = shader.add("ShaderNodeMapRange", {"Value": height, "To Min": 0.55, "To Max": 0.0}).outputs[0]
    shadowed = shader.mix(gap, tone, (0, 0, 0, 1))
    return shader.set(base_color=shadowed, roughness=0.7)


def _glow(shader, colour, pattern, accent):
    warm = shader.mix(0.35, linear(COLOURS[colour]), (1.0, 0.8, 0.55, 1))
    return shader.set(base_color=warm, emission_color=warm, emission_strength=0.55, roughness=0.8)


def _leaf(shader, colour, pattern, accent):
    veins = shader.noise(shader.position, 6.0)
    green = shader.ramp(veins, [(0.3, linear("#1f4d22")), (0.7, linear("#4f8f3a"))])
    return shader.set(base_color=green, roughness=0.4)


def _screen(shader, colour, pattern, accent):
    return shader.set(base_color=(0.005, 0.006, 0.008, 1), roughness=0.06)


KINDS = {
    "ceramic": _ceramic,
    "plastic": _plastic,
    "paper": _paper,
    "rubber": _rubber,
    "wax": _wax,
    "wood": _wood,
    "metal": _metal,
    "glass": _glass,
    "fabric": _fabric,
    "leather": _leather,
    "stone": _stone,
    "wicker": _wicker,
    "glow": _glow,
    "leaf": _leaf,
    "screen": _screen,
}
