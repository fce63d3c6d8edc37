"""Is the shop recognisable and learnable? (needs torch, timm, transformers; not part of the build)"""
