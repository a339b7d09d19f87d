"""The version, where the build and the program find it without importing anything."""

VERSION = "0.1.0"
