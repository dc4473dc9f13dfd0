# The game in one image; what a container does is said by its command (see compose.yaml).
#
# EXTRAS names lock files to install besides, such as "cluster film onnx". For a build of torch other than the package
# index's own, give pip's setting: --build-arg PIP_EXTRA_INDEX_URL=...

FROM python:3.11-slim AS made
ARG EXTRAS="s3"
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /game
RUN python -m venv .venv
COPY requirements*.lock ./
RUN set -eu; wanted="-r requirements.lock"; for extra in $EXTRAS; do wanted="$wanted -r requirements-$extra.lock"; done; \
    PIP_EXTRA_INDEX_URL="$PIP_EXTRA_INDEX_URL" .venv/bin/pip install --compile $wanted
COPY pyproject.toml README.md LICENSE wsgi.py ./
COPY scripts scripts
COPY game game
COPY scorer scorer
COPY generator generator
COPY templates templates
COPY static static
COPY translations translations
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable . && .venv/bin/python scripts/font.py \
    && .venv/bin/python -m compileall -q game scorer generator

FROM python:3.11-slim
# OpenMP's library, which torch and numba load; everything else lies in the environment.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 paintoff && mkdir /data && chown paintoff /data
WORKDIR /game
COPY --from=made /game /game
ENV PATH=/game/.venv/bin:$PATH PAINTOFF_DATA=/data PYTHONUNBUFFERED=1
USER paintoff
VOLUME /data
EXPOSE 8000
CMD ["paintoff", "run", "--host", "0.0.0.0"]
