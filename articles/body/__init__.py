"""A story's text. This room alone knows its vocabulary; `schema` imports no model, so models may use it."""
