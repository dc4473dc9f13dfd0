"""Writing folded to what it looks like, so that a word is known again however it is spelled.

In the manner of Unicode's skeletons (UTS #39): compatibility forms (NFKC) first, then marks off, then letters of other
alphabets, digits and signs that pass for a Latin letter. The table holds what is used to pass; it is ours.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    "a": "аɑα@4∀ᴀ",
    "b": "ьвɓβ8ʙ",
    "c": "сϲⅽ¢ᴄ",
    "d": "ԁɗᴅ",
    "e": "еєεҽ3€ɛᴇ",
    "f": "ƒϝꜰ",
    "g": "ɡɢ9",
    "h": "һнʜ",
    "i": "іιı1!|ɪ¡",
    "j": "јʝᴊ",
    "k": "кκᴋ",
    "l": "ӏⅼłʟ£",
    "m": "мᴍ",
    "n": "пηɴи",
    "o": "оοσ0øᴏ",
    "p": "рρᴘ",
    "q": "ԛ",
    "r": "гʀɾ",
    "s": "ѕ$5ꜱʂ§",
    "t": "тτ7+ᴛ†",
    "u": "υᴜцս",
    "v": "ѵνᴠ",
    "w": "ѡωᴡшԝ",
    "x": "хχ×",
    "y": "уγʏү¥",
    "z": "ᴢʐ2",
}
_LOOKS_LIKE = str.maketrans({sign: letter for letter, signs in _LETTERS.items() for sign in signs})
_ONE = str.maketrans("l", "i")  # 1, l, i and | pass for each other: one letter stands for all of them
_ENDS = re.compile(r"[!?+|]+(?=\s|$)")  # at a word's end a sign is a sign
_HIDES = re.compile(r"(?<=\w)[._\-*'’·~]+(?=\w)")  # what is put between the letters of a word to hide it


def folded(word: str) -> str:
    """Return a word as small letters that look like it."""
    return _folded(_HIDES.sub("", _bare(word)))


def readings(text: str) -> list[str]:
    """Return the ways in which a text can be read, folded: signs within words as nothing, and as ends of words."""
    bare = _bare(text)
    return list(dict.fromkeys((_folded(_HIDES.sub("", bare)), _folded(bare))))


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in _ENDS.sub("", plain) if unicodedata.category(letter) not in {"Mn", "Me", "Cf"})


def _folded(bare: str) -> str:
    seen = unicodedata.normalize("NFKC", bare.translate(_LOOKS_LIKE)).translate(_ONE)
    return " ".join(_joined(re.sub(r"[\W_]+", " ", seen).split()))


def _joined(words: list[str]) -> list[str]:
    """Words, those of one letter in a row put together: spelled out is written, too."""
    out: list[str] = []
    spelling = False
    for word in words:
        if spelling and len(word) == 1:
            out[-1] += word
        else:
            out.append(word)
        spelling = len(word) == 1
    return out
