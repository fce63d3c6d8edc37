"""Mesh building blocks: every shape becomes one object with UVs in scene units.

UVs follow the object's long axis (boxes) or its height (turned shapes), so that wood grain and
stripes run the way a carpenter or potter would expect.
"""

import math
from itertools import pairwise

import bmesh
import bpy
from mathutils import Euler, Matrix, Vector


def add_mesh(name, vertices, faces, material, uvs=None, smooth_angle=40, bevel=0.0, place=None):
    """Create an object; `uvs` holds one (u, v) per vertex of each face, else box projection."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    mesh.validate()
    _write_uvs(mesh, uvs or _box_uvs(mesh))
    if place is not None:
        mesh.transform(place)
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.set_sharp_from_angle(angle=math.radians(smooth_angle))
    mesh.materials.append(material)
    obj = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    if bevel > 0:
        modifier = obj.modifiers.new("bevel", "BEVEL")
        modifier.width, modifier.segments, modifier.limit_method = bevel, 4, "ANGLE"
        modifier.harden_normals = False
    return obj


def placement(at=(0, 0, 0), rotate=(0, 0, 0), scale=(1, 1, 1)):
    """Matrix that scales, rotates (degrees) and then moves a shape made at the origin."""
    turn = Euler([math.radians(a) for a in rotate]).to_matrix().to_4x4()
    return Matrix.Translation(at) @ turn @ Matrix.Diagonal((*scale, 1))


def box(size, at, material, bevel=0.01, rotate=(0, 0, 0)):
    """Axis-aligned box of `size`, centred on `at`, then rotated about its centre."""
    x, y, z = (s / 2 for s in size)
    corners = [(sx * x, sy * y, sz * z) for sx in (-1, 1) for sy in (-1, 1) for sz in (-1, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    bevel = min(bevel, 0.48 * min(size))
    return add_mesh("box", corners, faces, material, bevel=bevel, place=placement(at, rotate))


def slab(outline, depth, material, at=(0, 0, 0), rotate=(0, 0, 0), bevel=0.01):
    """Extrude a closed xy `outline` (counter-clockwise) by `depth` along z."""
    n = len(outline)
    vertices = [(x, y, 0) for x, y in outline] + [(x, y, depth) for x, y in outline]
    sides = [(i, (i + 1) % n, n + (i + 1) % n, n + i) for i in range(n)]
    faces = [tuple(reversed(range(n))), tuple(range(n, 2 * n)), *sides]
    return add_mesh("slab", vertices, faces, material, bevel=bevel, place=placement(at, rotate))


def rounded_rectangle(width, height, radius, steps=8):
    """Outline of a rectangle with rounded corners, centred on the origin."""
    radius = min(radius, 0.499 * min(width, height))
    points = []
    for corner, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        for step in range(steps + 1):
            angle = math.pi / 2 * (corner + step / steps)
            points.append(
                (
                    sx * (width / 2 - radius) + radius * math.cos(angle),
                    sy * (height / 2 - radius) + radius * math.sin(angle),
                )
            )
    return points


def smooth_path(points, steps=8):
    """Catmull-Rom curve through `points`."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        a, b, c, d = Vector(a), Vector(b), Vector(c), Vector(d)
        for step in range(steps):
            t = step / steps
            curve.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            )
    return [tuple(p) for p in curve] + [tuple(points[-1])]


def lathe(profile, material, at=(0, 0, 0), curved=False, segments=56, rotate=(0, 0, 0), scale=(1, 1, 1), bevel=0.0):
    """Turn a profile of (radius, height) points about the z axis."""
    profile = smooth_path(profile) if curved else profile
    profile = [(max(r, 0.0), z) for r, z in profile]
    along = [0.0]
    for (r0, z0), (r1, z1) in pairwise(profile):
        along.append(along[-1] + math.hypot(r1 - r0, z1 - z0))
    widest = max(r for r, _ in profile)
    vertices = [
        (r * math.cos(2 * math.pi * s / segments), r * math.sin(2 * math.pi * s / segments), z)
        for r, z in profile
        for s in range(segments)
    ]
    faces, uvs = [], []
    for i in range(len(profile) - 1):
        for s in range(segments):
            t = (s + 1) % segments
            faces.append((i * segments + s, i * segments + t, (i + 1) * segments + t, (i + 1) * segments + s))
            v0, v1 = (2 * math.pi * widest * k / segments for k in (s, s + 1))
            uvs += [(along[i], v0), (along[i], v1), (along[i + 1], v1), (along[i + 1], v0)]
    return _welded(
        add_mesh("lathe", vertices, faces, material, uvs=uvs, bevel=bevel, place=placement(at, rotate, scale))
    )


def cylinder(radius, height, at, material, rotate=(0, 0, 0), bevel=0.008, segments=48, top=None):
    """Upright cylinder (or cone, with another `top` radius) whose base centre is `at`."""
    top = radius if top is None else top
    edge = min(bevel, 0.4 * height, 0.4 * max(radius, top))
    profile = [
        (0, 0),
        (radius - edge, 0),
        (radius, edge),
        (top, height - edge),
        (top - edge, height),
        (0, height),
    ]
    return lathe(profile, material, at, rotate=rotate, segments=segments)


def ball(radius, at, material, scale=(1, 1, 1), rotate=(0, 0, 0)):
    """Sphere or, with `scale`, ellipsoid."""
    profile = [(radius * math.sin(math.pi * i / 24), -radius * math.cos(math.pi * i / 24)) for i in range(25)]
    return lathe(profile, material, at, rotate=rotate, scale=scale, segments=40)


def tube(points, radius, material, curved=True, sides=12, closed=False):
    """Sweep a circle of `radius` (one number, or one per point) along `points`."""
    if curved and closed:
        looped = [*points, points[0], points[1]]
        points = smooth_path([points[-1], *looped])[8:-8]
        points = points[:-1] if points[0] == points[-1] else points
    elif curved:
        points = smooth_path(points)
    path = [Vector(p) for p in points]
    radii = [radius] * len(path) if isinstance(radius, (int, float)) else _spread(radius, len(path))
    vertices, faces = [], []
    normal = None
    for i, p in enumerate(path):
        ahead = (path[min(i + 1, len(path) - 1)] - path[max(i - 1, 0)]).normalized()
        normal = ahead.orthogonal() if normal is None else normal - ahead * normal.dot(ahead)
        normal.normalize()
        side = ahead.cross(normal)
        for s in range(sides):
            angle = 2 * math.pi * s / sides
            vertices.append(tuple(p + radii[i] * (math.cos(angle) * normal + math.sin(angle) * side)))
    for i in range(len(path) - 1):
        for s in range(sides):
            t = (s + 1) % sides
            faces.append((i * sides + s, i * sides + t, (i + 1) * sides + t, (i + 1) * sides + s))
    faces += [tuple(reversed(range(sides))), tuple((len(path) - 1) * sides + s for s in range(sides))]
    return add_mesh("tube", vertices, faces, material, smooth_angle=60)


def ring(radius, thickness, at, material, rotate=(0, 0, 0), segments=56):
    """Torus lying in the xy plane before rotation."""
    circle = [
        (radius + thickness * math.cos(2 * math.pi * i / 16), thickness * math.sin(2 * math.pi * i / 16))
        for i in range(17)
    ]
    return lathe(circle, material, at, rotate=rotate, segments=segments)


def sheet(height, width, depth, material, steps=60, thickness=0.0, at=(0, 0, 0), rotate=(0, 0, 0)):
    """Grid of `width` x `depth` lifted by `height(u, v)` with u, v in -1 ... 1."""
    vertices, uvs, faces = [], [], []
    for j in range(steps + 1):
        for i in range(steps + 1):
            u, v = 2 * i / steps - 1, 2 * j / steps - 1
            vertices.append((u * width / 2, v * depth / 2, height(u, v)))
    for j in range(steps):
        for i in range(steps):
            a = j * (steps + 1) + i
            corners = (a, a + 1, a + steps + 2, a + steps + 1)
            faces.append(corners)
            uvs += [vertices[c][:2] for c in corners]
    obj = add_mesh("sheet", vertices, faces, material, uvs=uvs, place=placement(at, rotate))
    if thickness:
        modifier = obj.modifiers.new("thickness", "SOLIDIFY")
        modifier.thickness = thickness
    return obj


def pillow(width, depth, height, material, at=(0, 0, 0), rotate=(0, 0, 0), pinch=0.07):
    """Stuffed cushion with pinched edges, centred on `at`."""
    steps = 32

    def point(u, v, side):
        puff = ((1 - u**4) * (1 - v**4)) ** 0.5
        return (
            u * width / 2 * (1 - pinch * (1 - v * v)),
            v * depth / 2 * (1 - pinch * (1 - u * u)),
            side * height / 2 * puff,
        )

    grid = [(2 * i / steps - 1, 2 * j / steps - 1) for j in range(steps + 1) for i in range(steps + 1)]
    vertices = [point(u, v, 1) for u, v in grid] + [point(u, v, -1) for u, v in grid]
    faces, uvs = [], []
    for layer in (0, len(grid)):
        for j in range(steps):
            for i in range(steps):
                a = layer + j * (steps + 1) + i
                quad = (a, a + 1, a + steps + 2, a + steps + 1)
                faces.append(quad if layer == 0 else quad[::-1])
                uvs += [vertices[c][:2] for c in faces[-1]]
    return _welded(add_mesh("pillow", vertices, faces, material, uvs=uvs, smooth_angle=80, place=placement(at, rotate)))


def _spread(values, count):
    """Resample `values` linearly to `count` entries."""
    spread = []
    for i in range(count):
        x = i / max(count - 1, 1) * (len(values) - 1)
        low = min(int(x), len(values) - 2)
        spread.append(values[low] + (x - low) * (values[low + 1] - values[low]))
    return spread


def _box_uvs(mesh):
    """Project each face along its dominant axis; u runs along the mesh's longer side."""
    extent = [max(v.co[a] for v in mesh.vertices) - min(v.co[a] for v in mesh.vertices) for a in range(3)]
    uvs = []
    for face in mesh.polygons:
        dominant = max(range(3), key=lambda a: abs(face.normal[a]))
        u, v = sorted((a for a in range(3) if a != dominant), key=lambda a: -extent[a])
        uvs += [(mesh.vertices[i].co[u], mesh.vertices[i].co[v]) for i in face.vertices]
    return uvs


def _write_uvs(mesh, uvs):
    layer = mesh.uv_layers.new(name="uv")
    layer.data.foreach_set("uv", [c for uv in uvs for c in uv])


def _welded(obj):
    """Merge coincident vertices (poles and seams)."""
    work = bmesh.new()
    work.from_mesh(obj.data)
    bmesh.ops.remove_doubles(work, verts=work.verts, dist=1e-5)
    bmesh.ops.recalc_face_normals(work, faces=work.faces)
    work.to_mesh(obj.data)
    work.free()
    return obj
