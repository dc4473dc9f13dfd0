"""Can a judge name single drawings, by their word, by a synonym, by a word that it never saw?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from scorer.judge import Judge
from scorer.training import data
from scorer.training.captions import synonyms, with_article
from scorer.training.figures import PEN, SIDE, Figure, share, word_rows


def words(judge: Judge, folder: Path) -> dict[str, Figure]:
    """Return top-1 and top-5 of 345 words on held-back drawings, and top-5 when the word is said by a synonym."""
    names, of, drawings = data.read(folder, held_back=True)
    rows = [
        judge.embed_images([data.picture(json.loads(text), SIDE, PEN) for text in drawings[start : start + 256]])
        for start in range(0, len(drawings), 256)
    ]
    pictures = np.concatenate(rows)
    texts = word_rows(judge, names)
    labels = np.array([names.index(word) for word in of])
    similarity = pictures @ texts.T
    place = (similarity > similarity[np.arange(len(labels)), labels][:, None]).sum(1)
    found = {"top1_of_345": share(place == 0), "top5_of_345": share(place < 5)}
    return found | _synonyms(judge, names, labels, pictures, texts, place < 5)


def _synonyms(judge: Judge, names: list[str], labels: np.ndarray, pictures: np.ndarray, texts: np.ndarray,
              own: np.ndarray) -> dict[str, Figure]:  # fmt: skip
    hits, base = [], []
    for word, others in synonyms().items():
        number = names.index(word)
        drawn = labels == number
        if not drawn.any():
            continue
        said = texts.copy()
        said[number] = judge.embed_texts([f"a drawing of {with_article(others[0], word)}"])[0]
        similarity = pictures[drawn] @ said.T
        hits.extend((similarity > similarity[:, [number]]).sum(1) < 5)
        base.extend(own[drawn])
    return {"synonym_top5": share(hits), "synonym_top5_by_own_word": share(base)}
