# The page in a container: `docker build -t mamex . && docker run --rm -p 7860:7860 mamex`.
#
# On x86 the torch of PyPI brings some 3 GB of CUDA, of which the page uses nothing. Give the address of PyTorch's own
# index of CPU wheels to leave it out: `--build-arg TORCH_INDEX=...` (pytorch.org names it under "CPU").

FROM python:3.11-slim AS packages
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/mamex
ENV PATH=/opt/mamex/bin:$PATH
WORKDIR /build
COPY requirements.txt .
RUN grep -E "^torch(vision)?[<>=]" requirements.txt > torch.txt \
    && pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r torch.txt \
    && pip install -r requirements.txt

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home --shell /usr/sbin/nologin mamex
COPY --from=packages /opt/mamex /opt/mamex
WORKDIR /srv/mamex
COPY LICENSE README.md SECURITY.md ./
COPY app app
COPY mamex mamex
COPY checkpoints/demo checkpoints/demo
COPY assets/catalogue assets/catalogue
ENV PATH=/opt/mamex/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 \
    GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860
# Nothing of the page is this user's to write.
USER 1000:1000
EXPOSE 7860
# 503 while it starts; 401 where it asks for a password.
HEALTHCHECK --interval=15s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from http.client import HTTPConnection as Page; page = Page('127.0.0.1', 7860, timeout=8); page.request('GET', '/config'); raise SystemExit(page.getresponse().status not in (200, 401))"]
CMD ["python", "app/main.py"]
