"""The application for a WSGI server: `gunicorn wsgi:app`."""

from game import create_app

app = create_app()
