"""Files that strangers send, made by code: pictures, tables, zip files, manifests, bombs."""
