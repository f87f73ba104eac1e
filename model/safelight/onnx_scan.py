"""Looks through an ONNX file for what a bundle may not hold, without the onnx package.

Refused: operators outside ai.onnx and com.microsoft, tensors kept in other files, bytes that
are not a well-formed protobuf message. Subgraphs and functions are looked through as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from safelight.reading import BundleError

_WHERE = "model.onnx"
_DOMAINS = (b"", b"ai.onnx", b"com.microsoft")
_MAX_DEPTH = 32
_MORE = 0x80  # in a byte of a varint: another byte follows
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

#: Message kind → field number → kind of the message in that field (onnx.proto).
_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_NODE_DOMAIN = 7
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14


def scan(model: bytes) -> None:
    """Raise BundleError if the ONNX file holds something that a bundle may not hold."""
    _scan(memoryview(model), "model", 0)


def _scan(data: memoryview, kind: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise BundleError(f"{_WHERE}: nested too deeply")
    children = _CHILDREN[kind]
    for number, value in _fields(data):
        if isinstance(value, memoryview):
            if kind == "node" and number == _NODE_DOMAIN and bytes(value) not in _DOMAINS:
                raise BundleError(f"{_WHERE}: an operator outside ai.onnx and com.microsoft")
            if kind == "tensor" and number == _TENSOR_EXTERNAL_DATA:
                raise BundleError(f"{_WHERE}: a tensor kept in another file")
            if number in children:
                _scan(value, children[number], depth + 1)
        elif kind == "tensor" and number == _TENSOR_DATA_LOCATION and value != 0:
            raise BundleError(f"{_WHERE}: a tensor kept in another file")


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Yield (field number, content); content is bytes, or a whole number for a varint."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(data, at)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
        else:
            raise BundleError(f"{_WHERE}: not an ONNX file")
        if at + size > len(data):
            raise BundleError(f"{_WHERE}: not an ONNX file")
        if wire == _BYTES:
            yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < _MORE:
            return value, at
    raise BundleError(f"{_WHERE}: not an ONNX file")
