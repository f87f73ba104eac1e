"""A BERT-shaped encoder as the student's kind: ids and mask → unit vectors."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertModel


class Sentence(nn.Module):
    """Mean of the last layer over the tokens, unit length: (messages, tokens) → (messages, dim)."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.dim = int(bert.config.hidden_size)

    @property
    def embedding(self) -> nn.Embedding:
        return self.bert.embeddings.word_embeddings

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return F.normalize(mean_vectors(self.bert, ids, mask), dim=-1)


def mean_vectors(bert: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
    """(texts, dim) float32: mean of the last layer over the tokens."""
    hidden = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    keep = mask.unsqueeze(-1).float()
    return (hidden.float() * keep).sum(1) / keep.sum(1).clamp(min=1.0)
