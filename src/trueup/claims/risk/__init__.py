"""The risk of a claim: how probable it is that later work contradicts it, where that can be told."""
