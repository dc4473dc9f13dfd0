"""Doodles of things found in a house."""

from math import cos, radians, sin

from tests.doodles.sheet import Sheet


def umbrella(s: Sheet) -> None:
    s.arc((256, 260), 190, 170, 180, 360)
    s.curve((66, 260), (98, 235), (130, 260))
    s.curve((130, 260), (193, 230), (256, 260))
    s.curve((256, 260), (319, 230), (382, 260))
    s.curve((382, 260), (414, 235), (446, 260))
    s.curve((256, 90), (165, 150), (130, 260))
    s.curve((256, 90), (347, 150), (382, 260))
    s.fill("red", (110, 200), (402, 200))
    s.fill("yellow", (256, 180))
    s.line((256, 90), (256, 70))
    s.pen = 6
    s.line((256, 260), (256, 410))
    s.arc((226, 410), 30, 34, 0, 180)


def mug(s: Sheet) -> None:
    s.line((130, 150), (130, 390), (330, 390), (330, 150))
    s.arc((230, 150), 100, 24)
    s.arc((330, 265), 85, 75, -90, 90)
    s.arc((330, 265), 55, 46, -90, 90)
    s.fill("blue", (230, 300))
    s.fill("blue", (400, 265))


def key(s: Sheet) -> None:
    s.circle(140, 256, 80)
    s.circle(120, 256, 26)
    s.line(
        (217, 240),
        (440, 240),
        (440, 330),
        (405, 330),
        (405, 275),
        (370, 275),
        (370, 315),
        (335, 315),
        (335, 275),
        (217, 275),
    )
    s.fill("yellow", (180, 256), (300, 256))


def envelope(s: Sheet) -> None:
    s.box(70, 140, 442, 380)
    s.line((70, 140), (256, 285), (442, 140))
    s.line((70, 380), (205, 250))
    s.line((442, 380), (307, 250))


def eyeglasses(s: Sheet) -> None:
    s.circle(150, 270, 85)
    s.circle(362, 270, 85)
    s.arc((256, 260), 24, 26, 180, 360)
    s.line((68, 250), (30, 200))
    s.line((444, 250), (482, 200))
    s.fill("sky", (150, 270), (362, 270))


def clock(s: Sheet) -> None:
    s.circle(256, 256, 180)
    s.circle(256, 256, 160)
    for i in range(12):
        angle = radians(i * 30)
        near = 120 if i % 3 == 0 else 135
        s.line((256 + near * cos(angle), 256 + near * sin(angle)), (256 + 150 * cos(angle), 256 + 150 * sin(angle)))
    s.pen = 6
    s.line((256, 256), (256, 140))
    s.line((256, 256), (330, 300))
    s.dot(256, 256, 9)


def ladder(s: Sheet) -> None:
    s.pen = 6
    s.line((180, 50), (160, 460))
    s.line((332, 50), (352, 460))
    for i in range(7):
        y = 95 + i * 55
        lean = (y - 50) * 20 / 410
        s.line((180 - lean, y), (332 + lean, y))


def light_bulb(s: Sheet) -> None:
    s.curve(
        (215, 340),
        (205, 290),
        (140, 240),
        (140, 165),
        (190, 90),
        (256, 75),
        (322, 90),
        (372, 165),
        (372, 240),
        (307, 290),
        (297, 340),
    )
    s.line((215, 340), (297, 340))
    s.fill("yellow", (256, 150))
    s.curve((230, 340), (215, 230), (240, 250), (256, 225), (272, 250), (297, 230), (282, 340))
    s.box(215, 340, 297, 410)
    s.fill("grey", (256, 375))
    s.line((215, 363), (297, 358))
    s.line((215, 388), (297, 383))
    s.arc((256, 410), 25, 20, 0, 180)
    for angle in (200, 235, 270, 305, 340):
        c, d = cos(radians(angle)), sin(radians(angle))
        s.line((256 + 150 * c, 190 + 150 * d), (256 + 185 * c, 190 + 185 * d))


def scissors(s: Sheet) -> None:
    s.line((190, 330), (330, 60), (345, 95), (262, 262), (225, 345))
    s.line((322, 330), (182, 60), (167, 95), (250, 262), (287, 345))
    s.fill("grey", (300, 160), (212, 160))
    for x in (170, 342):
        s.arc((x, 390), 55, 62)
        s.arc((x, 390), 34, 40)
        s.fill("red", (x, 340))
    s.dot(256, 240, 6)


def hourglass(s: Sheet) -> None:
    s.box(130, 60, 382, 95)
    s.box(130, 417, 382, 452)
    s.fill("brown", (256, 78), (256, 435))
    s.curve((155, 95), (165, 180), (245, 256))
    s.curve((357, 95), (347, 180), (267, 256))
    s.curve((245, 256), (165, 332), (155, 417))
    s.curve((267, 256), (347, 332), (357, 417))
    s.line((180, 170), (332, 170))
    s.fill("yellow", (256, 205))
    s.curve((160, 400), (256, 330), (352, 400))
    s.fill("yellow", (256, 390))
    s.line((256, 256), (256, 335))


def television(s: Sheet) -> None:
    s.box(80, 150, 432, 400)
    s.box(110, 180, 340, 370)
    s.fill("sky", (225, 275))
    s.fill("brown", (385, 380))
    s.circle(385, 215, 20)
    s.circle(385, 275, 20)
    s.line((256, 150), (180, 60))
    s.line((256, 150), (332, 60))
    s.line((140, 400), (120, 440))
    s.line((372, 400), (392, 440))


def sword(s: Sheet) -> None:
    s.line((232, 340), (232, 90), (256, 45), (280, 90), (280, 340))
    s.line((256, 75), (256, 340))
    s.box(165, 340, 347, 365)
    s.fill("grey", (244, 200), (268, 200))
    s.fill("yellow", (200, 352), (256, 352), (310, 352))
    s.box(240, 365, 272, 440)
    s.fill("brown", (256, 400))
    s.circle(256, 455, 17)


def chair(s: Sheet) -> None:
    s.pen = 6
    s.line((170, 60), (170, 450))
    s.line((170, 75), (185, 75), (185, 270))
    s.line((170, 270), (350, 270), (350, 300), (170, 300))
    s.fill("brown", (260, 285))
    s.line((345, 300), (345, 450))
    s.line((215, 300), (215, 410))
    s.line((300, 300), (300, 410))


DOODLES = (
    chair,
    clock,
    envelope,
    eyeglasses,
    hourglass,
    key,
    ladder,
    light_bulb,
    mug,
    scissors,
    sword,
    television,
    umbrella,
)
