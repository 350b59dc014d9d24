"""trueup: is the work that is reported really happening?"""

__all__ = ["__version__"]

__version__ = "0.1.0"
