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
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        keep = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * keep).sum(1) / keep.sum(1).clamp(min=1.0)
        return F.normalize(mean, dim=-1)
