"""`python -m dryline`."""

from dryline.commands.main import app

app()
