"""What an embedded judge learns from: the losses of one batch, added up.

A picture of one thing is told from the texts of all 345 words at once, which learns the vocabulary faster than the few
words of a batch would; every picture is told from all captions of the batch, false ones included (one thing changed,
two things exchanged, another colour), which teaches scenes; a linear layer, thrown away afterwards, names the things in
every picture, so that the image tower need not wait for the text tower to read; and another one, thrown away as well,
tells what is above, below, left and right, from a picture and from its caption alike: by contrast alone nothing was
learned of who is where in 2500 steps.  A third one tells colours, for the same reason: after 13,000 steps without it
all colours but black were one.  Its gradient is some twenty times smaller than the words' whose similarities are scaled
by a hundred: with a weight of 0.5 nothing came of it in 2000 steps, with 25 colours were told in 200.
CLIP: Radford et al., arXiv 2103.00020; captions with exchanged words as negatives: Yuksekgonul et al., 2210.01936.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from scorer.training.captions import COLOURS
from scorer.training.compose import Batch

BLACK = list(COLOURS).index("black")
STRANGE = 0.0  # the similarity from which on a picture of nothing is too near to a word
NAMER_SCALE = 16.0  # unit rows are too short for a linear layer to tell 345 words apart


def short_text(model: Any, tokens: Tensor) -> Tensor:
    """Return the unit embeddings (n, d) of tokens (n, length <= 77): open_clip's text tower on a shorter context.

    The tower is causal and reads its answer at the end token, so leaving the padding out changes nothing but the time.
    """
    length = tokens.shape[1]
    x = model.token_embedding(tokens) + model.positional_embedding[:length]
    x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask[:length, :length]))
    x = x[torch.arange(len(x), device=x.device), tokens.argmax(-1)]
    rows: Tensor = x @ model.text_projection
    return F.normalize(rows, dim=-1)


def losses_of(
    model: Any, batch: Batch, images: Tensor, weights: Mapping[str, float]
) -> tuple[Tensor, dict[str, float]]:
    """Return the loss of a batch whose pictures have the unit embeddings `images`, and figures to watch by name.

    `weights` say what telling who is where ("placing"), colours ("colouring"), fitting no word ("nothing") and the
    nearness of words ("meaning") count, where naming counts 1.
    """
    of_texts, of_words = (short_text(model, tokens.to(images.device)) for tokens in (batch.texts, batch.words))
    scale = model.logit_scale.exp()
    rows = batch.said
    one = batch.labels >= 0
    to_words = scale * images[one] @ of_words.T
    word_loss = F.cross_entropy(to_words, batch.labels[one], label_smoothing=0.05)
    logits = scale * images @ of_texts.T
    mask = batch.also
    target = torch.arange(len(rows), device=images.device)
    to_texts = logits[rows].clone()
    to_texts[:, : len(rows)].masked_fill_(mask[rows], -1e4)
    to_images = logits[:, : len(rows)].T.masked_fill(mask.T, -1e4)
    clip_loss = (F.cross_entropy(to_texts, target) + F.cross_entropy(to_images, rows)) / 2
    shown = batch.things
    some = shown[:, 0] >= 0
    named = model.namer(images[some] * NAMER_SCALE)
    first, second = (F.cross_entropy(named, shown[some, k], label_smoothing=0.05) for k in (0, 1))
    name_loss = (first + second) / 2
    right = (to_words.argmax(1) == batch.labels[one]).float().mean()
    caught = (to_texts.argmax(1) == target).float().mean()
    place_loss, turned = _placing(model, batch, images, of_texts)
    figures = {
        "words": word_loss.item(),
        "names": name_loss.item(),
        "captions": clip_loss.item(),
        "places": place_loss.item(),
        "right": right.item(),
        "caught": caught.item(),
        "turned": turned,
    }
    loss = word_loss + clip_loss + name_loss + weights["placing"] * place_loss
    if weights["colouring"]:
        colour_loss, figures["coloured"] = _colouring(model, batch, images, of_texts)
        loss = loss + weights["colouring"] * colour_loss
    empty = torch.ones(len(images), dtype=torch.bool, device=images.device).index_fill_(0, rows, False)
    if weights["nothing"] and empty.any():
        loss = loss + weights["nothing"] * _of_nothing(images[empty] @ of_words.T)
    if weights["meaning"] and batch.meant is not None and batch.meanings is not None:
        meant = short_text(model, batch.meant.to(images.device))
        loss = loss + weights["meaning"] * _of_meaning(meant, batch.meanings)
    return loss, figures


def _colouring(model: Any, batch: Batch, images: Tensor, of_texts: Tensor) -> tuple[Tensor, float]:
    """Return the loss of telling colours, and how often the first guess is right where not all is black.

    Those of a picture's things are told from the picture, and those that a caption names from the caption.
    """
    some, said = batch.shown.any(1), batch.named.any(1)
    told, shown = model.colourer(images[some] * NAMER_SCALE), batch.shown[some]
    loss = F.binary_cross_entropy_with_logits(told, shown) * shown.shape[1] / 2
    rows = said[batch.said].nonzero().flatten()
    if len(rows):
        read = model.colourer(of_texts[rows] * NAMER_SCALE)
        loss = loss + F.binary_cross_entropy_with_logits(read, batch.named[batch.said[rows]]) * shown.shape[1] / 2
    coloured = shown.argmax(1) != BLACK
    right = shown.gather(1, told.argmax(1, keepdim=True))[coloured].mean()
    return loss, right.item()


def _of_meaning(rows: Tensor, taught: Tensor) -> Tensor:
    """Return how far words (n, d) are from being near to one another as the sentence encoder (n, k) has them near.

    Similarities are kept, not rows: "Relational Knowledge Distillation", Park et al., arXiv 1904.05068.
    """
    itself = torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    wanted = (taught @ taught.T / 0.05).masked_fill(itself, -1e4).softmax(1)
    found = (rows @ rows.T / 0.1).masked_fill(itself, -1e4).log_softmax(1)
    return -(wanted * found).sum(1).mean()


def _of_nothing(similarity: Tensor) -> Tensor:
    """Return the loss of pictures of nothing whose similarities (n, words) are above those of things that differ."""
    return (similarity - STRANGE).clamp(min=0).square().sum(1).mean()


def _placing(model: Any, batch: Batch, images: Tensor, of_texts: Tensor) -> tuple[Tensor, float]:
    """Return the loss of telling who is where, and how often a scene fits its caption better than the exchanged one."""
    rows, right, wrong = torch.tensor(batch.exchanged, device=images.device).T
    shown = batch.placed[rows]
    exchanged = shown[:, [1, 0, 3, 2]]
    seen = torch.cat([images[rows], of_texts[right], of_texts[wrong]])
    told = model.placer(seen * NAMER_SCALE).view(len(seen), 4, -1)
    wanted = torch.cat([shown, shown, exchanged])
    loss = F.cross_entropy(told.flatten(0, 1), wanted.flatten(), ignore_index=-1, label_smoothing=0.05)
    better = (images[rows] * (of_texts[right] - of_texts[wrong])).sum(1) > 0
    return loss, better.float().mean().item()
