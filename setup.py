"""What pyproject.toml cannot name: rules/ inside the package, and the optional compiled scan."""

import os
from pathlib import Path

from setuptools import Extension, find_namespace_packages, setup

RULES = [
    "analyzer._rules",
    *(
        f"analyzer._rules.{name}"
        for name in find_namespace_packages("rules", exclude=["*__pycache__"])
    ),
]

# Folders of data are packages too, as setuptools counts them; caches of bytecode are not.
ANALYZER = find_namespace_packages(include=["analyzer", "analyzer.*"], exclude=["*.__pycache__"])

# Symbols for debuggers take a third of the time of a build. Two stores that are read back as one
# vector hold up the processor: no such loads in code that steps through headers.
COMPILE_ARGUMENTS = ["-g0", "-fno-tree-slp-vectorize"] if os.name == "posix" else []

setup(
    packages=[*ANALYZER, *RULES],
    package_dir={"analyzer._rules": "rules"},
    options={"bdist_wheel": {"py_limited_api": "cp311"}, "build_ext": {"parallel": True}},
    ext_modules=[
        Extension(
            ".".join(source.with_suffix("").parts),
            [str(source)],
            extra_compile_args=COMPILE_ARGUMENTS,
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            py_limited_api=True,
            optional="SIPWHY_REQUIRE_SCAN" not in os.environ,
        )
        for source in sorted(Path("analyzer").glob("**/_*.pyx"))
    ],
)
