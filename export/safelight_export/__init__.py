"""From trained weights to the folder a phone gets: ONNX, quantisation, bundle, checks."""
