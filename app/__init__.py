"""The browser demo; start it with ``python app/main.py``."""

from app.state.scratch import prepare

# Gradio reads where uploads go when it is imported, so the folder must be there before any module of the page is.
prepare()
