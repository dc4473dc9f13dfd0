"""Scenes of two things, for the story of a whole round and for the screenshots."""

from math import cos, radians, sin

from tests.doodles.sheet import Sheet


def wheel(s: Sheet, x: float, y: float, radius: float) -> None:
    s.pen = radius / 4
    s.circle(x, y, radius * 0.75)
    s.ink = "yellow"
    s.dot(x, y, radius * 0.5)
    s.ink = "black"
    s.dot(x, y, 6)
    s.pen = 4


def raccoon_driving_a_tractor(s: Sheet) -> None:
    s.curve((150, 300), (160, 235), (205, 205), (250, 235), (262, 300))
    s.line((150, 300), (262, 300))
    s.fill("grey", (205, 260))
    s.circle(205, 160, 58)
    s.fill("grey", (205, 130))
    for side in (-1, 1):
        s.shape((205 + side * 25, 112), (205 + side * 52, 80), (205 + side * 50, 130))
        s.fill("grey", (205 + side * 42, 106))
        s.pen = 13
        s.line((205 + side * 18, 155), (205 + side * 36, 162))
        s.pen = 4
    s.ink = "white"
    for side in (-1, 1):
        s.dot(205 + side * 22, 157, 6)
    s.ink = "black"
    s.dot(205, 188, 8)
    s.curve((190, 202), (205, 209), (220, 202))
    s.line((245, 250), (300, 262))
    s.pen = 7
    s.line((290, 235), (312, 288))
    s.pen = 4
    s.shape((110, 300), (440, 300), (455, 390), (110, 390))
    s.fill("red", (300, 340))
    s.box(395, 215, 412, 300)
    s.fill("black", (403, 250))
    s.curve((403, 205), (385, 185), (410, 165), (395, 140))
    wheel(s, 160, 385, 85)
    wheel(s, 400, 415, 55)
    s.ink = "green"
    s.pen = 6
    s.line((20, 474), (492, 474))


def snail_wearing_a_crown(s: Sheet) -> None:
    s.curve((70, 420), (180, 435), (390, 435), (425, 380), (415, 290), (400, 250), (360, 260), (350, 330), (310, 390),
            (70, 420))  # fmt: skip
    s.fill("green", (385, 380))
    s.circle(215, 300, 105)
    s.fill("orange", (215, 220))
    s.curve((300, 330), (260, 375), (185, 365), (150, 310), (170, 245), (240, 235), (275, 285), (245, 325), (205, 305))
    s.dot(385, 285, 7)
    s.curve((380, 318), (395, 326), (408, 314))
    s.shape((335, 240), (320, 150), (357, 195), (385, 140), (412, 195), (450, 155), (432, 245))
    s.fill("yellow", (385, 215))
    for x, y in ((320, 145), (385, 133), (452, 149)):
        s.dot(x, y, 9)


def cactus_wearing_a_hat(s: Sheet) -> None:
    s.line((215, 450), (215, 350), (150, 345), (135, 310), (135, 250), (160, 235), (182, 250), (182, 300), (215, 300),
           (215, 190), (300, 190), (300, 270), (335, 270), (335, 220), (358, 205), (380, 220), (380, 290), (355, 320),
           (300, 320), (300, 450))  # fmt: skip
    s.line((120, 450), (400, 450))
    s.fill("green", (257, 380))
    s.shape((205, 175), (215, 85), (300, 85), (310, 175))
    s.fill("brown", (257, 130))
    s.pen = 14
    s.line((150, 185), (257, 190), (365, 185))
    s.pen = 4
    for angle in range(0, 360, 60):
        x, y = 257 + 25 * cos(radians(angle)), 340 + 60 * sin(radians(angle))
        s.line((x - 6, y - 7), (x, y), (x + 6, y - 7))


SCENES = {
    "a raccoon driving a tractor": raccoon_driving_a_tractor,
    "a snail wearing a crown": snail_wearing_a_crown,
    "a cactus wearing a hat": cactus_wearing_a_hat,
}
