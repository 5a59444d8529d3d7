"""The demonstration newspaper: an invented paper with stories, people and pictures of its own."""
