"""The proof that every project this template can make is whole: `python -m proof`."""
