"""How Gradio is used: handlers, events, endpoints, fields."""
