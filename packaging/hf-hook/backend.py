"""A build backend (PEP 517) for this folder alone: it needs nothing but Python."""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def _read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return f.read()


def _field(name):
    return re.search(r'^%s = "([^"]*)"' % name, _read("pyproject.toml"), re.M).group(1)


def _metadata():
    requires = "".join("Requires-Dist: %s\n" % r for r in re.findall(r'"([^"]+)"', re.search(r"^dependencies = \[(.*)\]", _read("pyproject.toml"), re.M).group(1)))
    return (
        "Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: %s\nLicense: %s\nRequires-Python: %s\n%s"
        "Description-Content-Type: text/markdown\n\n%s"
        % (_field("name"), _field("version"), _field("description"), _field("license"), _field("requires-python"), requires, _read("README.md"))
    )


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    base = "hf_hook-%s" % _field("version")
    info = base + ".dist-info/"
    files = {
        "hf_hook.py": _read("hf_hook.py"),
        info + "METADATA": _metadata(),
        info + "WHEEL": "Wheel-Version: 1.0\nGenerator: hf-hook\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        info + "entry_points.txt": "[console_scripts]\nhf-hook = hf_hook:main\n",
    }
    record = ""
    name = base + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as z:
        for path, text in files.items():
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += "%s,sha256=%s,%d\n" % (path, digest, len(data))
            z.writestr(path, data)
        z.writestr(info + "RECORD", record + info + "RECORD,,\n")
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = "hf_hook-%s" % _field("version")
    with tarfile.open(os.path.join(sdist_directory, base + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as t:
        for name in ["pyproject.toml", "README.md", "hf_hook.py", "backend.py", "manifest.json"]:
            t.add(os.path.join(HERE, name), base + "/" + name)
        data = _metadata().encode()
        entry = tarfile.TarInfo(base + "/PKG-INFO")
        entry.size = len(data)
        t.addfile(entry, io.BytesIO(data))
    return base + ".tar.gz"
