"""Runs hfhook for `hf hook …`, in place of this process."""

import os
import subprocess
import sys

from hfhook import find


def main():
    env = dict(os.environ, HFHOOK_CALLED_AS="hf hook")
    path = find()
    if os.name == "nt":  # execve starts a second process there, and this one ends before it
        sys.exit(subprocess.call([path] + sys.argv[1:], env=env))
    os.execve(path, [path] + sys.argv[1:], env)
