"""Doodles of sky, weather, plants and buildings."""

from math import cos, radians, sin

from tests.doodles.sheet import Sheet, ring


def house(s: Sheet) -> None:
    s.box(120, 240, 392, 430)
    s.shape((90, 240), (256, 95), (422, 240))
    s.fill("red", (256, 180))
    s.fill("tan", (140, 400))
    s.box(225, 320, 290, 430)
    s.fill("brown", (256, 370))
    s.dot(278, 378, 5)
    for x in (145, 315):
        s.box(x, 275, x + 52, 327)
        s.fill("sky", (x + 10, 285))
        s.line((x + 26, 275), (x + 26, 327))
        s.line((x, 301), (x + 52, 301))
    s.line((340, 165), (340, 110), (375, 110), (375, 198))


def sun(s: Sheet) -> None:
    s.circle(256, 256, 95)
    s.fill("yellow", (256, 256))
    for i in range(12):
        angle = radians(i * 30)
        s.line((256 + 118 * cos(angle), 256 + 118 * sin(angle)), (256 + 190 * cos(angle), 256 + 190 * sin(angle)))


def tree(s: Sheet) -> None:
    s.line((225, 300), (220, 450), (292, 450), (287, 300))
    s.curve(
        (225, 300),
        (150, 320),
        (110, 260),
        (140, 200),
        (150, 120),
        (230, 90),
        (290, 80),
        (360, 120),
        (375, 190),
        (405, 250),
        (360, 315),
        (287, 300),
        (225, 300),
    )
    s.fill("brown", (256, 420))
    s.fill("green", (256, 200))


def star(s: Sheet) -> None:
    points = []
    for i in range(10):
        angle = radians(-90 + 36 * i)
        reach = 85 if i % 2 else 210
        points.append((256 + reach * cos(angle), 270 + reach * sin(angle)))
    s.shape(*points)
    s.fill("yellow", (256, 270))


def cloud(s: Sheet) -> None:
    bumps = [
        *ring((150, 300), 70, 65, 90, 270),
        *ring((195, 225), 70, 65, 185, 300),
        *ring((290, 205), 80, 75, 200, 340),
        *ring((370, 290), 70, 75, 270, 450),
    ]
    s.stroke([*bumps, (150, 365)])
    s.fill("sky", (256, 300))


def moon(s: Sheet) -> None:
    s.stroke([*ring((256, 256), 180, 180, 50, 310), *ring((330, 256), 145, 145, 287, 73)])
    s.fill("yellow", (110, 256))


def flower(s: Sheet) -> None:
    for i in range(6):
        angle = radians(i * 60)
        s.circle(256 + 78 * cos(angle), 180 + 78 * sin(angle), 42)
        s.fill("pink", (256 + 85 * cos(angle), 180 + 85 * sin(angle)))
    s.circle(256, 180, 42)
    s.fill("yellow", (256, 180), (256, 155), (280, 170), (232, 170), (256, 205))
    s.ink = "green"
    s.pen = 6
    s.line((256, 305), (256, 470))
    s.curve((256, 420), (300, 370), (350, 365), (320, 410), (256, 420))
    s.curve((256, 440), (212, 390), (162, 385), (192, 430), (256, 440))


def snowman(s: Sheet) -> None:
    s.circle(256, 370, 95)
    s.circle(256, 225, 65)
    s.circle(256, 120, 45)
    s.box(225, 20, 287, 70)
    s.fill("black", (256, 45))
    s.pen = 7
    s.line((200, 75), (312, 75))
    s.pen = 4
    s.dot(240, 110, 6)
    s.dot(272, 110, 6)
    s.shape((256, 122), (256, 136), (300, 132))
    s.fill("orange", (268, 130))
    s.arc((256, 130), 22, 18, 30, 150)
    for y in (200, 230, 260):
        s.dot(256, y, 7)
    s.line((195, 210), (110, 160))
    s.line((130, 172), (115, 135))
    s.line((317, 210), (402, 160))
    s.line((382, 172), (397, 135))


def rainbow(s: Sheet) -> None:
    s.pen = 11
    for i, colour in enumerate(("red", "orange", "yellow", "green", "blue", "purple")):
        s.ink = colour
        radius = 205 - i * 21
        s.arc((256, 370), radius, radius, 180, 360)


def mountain(s: Sheet) -> None:
    s.line((30, 420), (190, 130), (290, 310), (360, 210), (482, 420), (30, 420))
    s.line((140, 220), (165, 245), (190, 215), (215, 248), (243, 225))
    s.fill("grey", (190, 350))
    s.line((325, 260), (345, 275), (360, 255), (378, 275), (392, 265))
    s.fill("white", (190, 180), (360, 235))


def cactus(s: Sheet) -> None:
    s.line((215, 430), (215, 330), (160, 330), (125, 295), (125, 200))
    s.stroke(ring((145, 200), 20, 22, 180, 360))
    s.line((165, 200), (165, 280), (215, 285), (215, 120))
    s.stroke(ring((256, 120), 41, 55, 180, 360))
    s.line((297, 120), (297, 240), (345, 235), (345, 160))
    s.stroke(ring((365, 160), 20, 22, 180, 360))
    s.line((385, 160), (385, 245), (350, 285), (297, 290), (297, 430))
    s.line((90, 430), (420, 430))
    s.fill("green", (256, 300))
    for x, y in ((240, 150), (272, 200), (240, 250), (270, 330), (240, 380), (145, 240), (365, 200)):
        s.line((x - 6, y - 8), (x, y), (x + 6, y - 8))


def lightning(s: Sheet) -> None:
    s.shape((290, 50), (150, 280), (245, 280), (195, 465), (370, 215), (270, 215), (350, 50))
    s.fill("yellow", (260, 245))


def candle(s: Sheet) -> None:
    s.box(205, 210, 307, 440)
    s.fill("red", (256, 330))
    s.line((256, 210), (256, 180))
    s.curve((256, 180), (215, 150), (256, 60), (297, 150), (256, 180))
    s.fill("yellow", (256, 145))
    s.arc((256, 440), 120, 25)


DOODLES = (cactus, candle, cloud, flower, house, lightning, moon, mountain, rainbow, snowman, star, sun, tree)
