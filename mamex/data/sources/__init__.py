"""Public data sets, written as dataset folders: ``python -m mamex prepare NAME``.

One file a source, and what they share: fetching over HTTP, k-core, and writing the folder. What they write is described
in the README, "Train on your own shop", and is read by ``mamex.data.dataset``; nothing else knows where data came from.
"""
