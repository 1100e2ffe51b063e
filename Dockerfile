# The programs of cabletrace, the same for services, followers and witnesses; docker-compose.yml says who runs what.
#
# Every package comes by its hash from requirements/. Where the usual index is slow:
#   docker compose build --build-arg PIP_INDEX_URL=https://your.mirror.example/simple
# The base image is named by its version; put its digest here as soon as you have pulled one that you trust.

FROM python:3.11.15-slim-bookworm AS build
ARG PIP_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/setup.txt requirements/runtime.txt requirements/runtime.in requirements/
RUN python -m venv /opt/cabletrace
RUN /opt/cabletrace/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/setup.txt
RUN /opt/cabletrace/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md ./
COPY trace trace
RUN /opt/cabletrace/bin/python -m pip install --quiet --no-deps --no-index --no-build-isolation .
# Nothing in the image can bring more packages.
RUN /opt/cabletrace/bin/python -m pip uninstall --quiet --yes uv setuptools pip

FROM python:3.11.15-slim-bookworm
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin cabletrace \
    && install --directory --owner=1000 --group=1000 --mode=0700 /data /witness
COPY --from=build /opt/cabletrace /opt/cabletrace
ENV PATH=/opt/cabletrace/bin:$PATH PYTHONUNBUFFERED=1 CABLETRACE_DATA=/data CABLETRACE_BIND=0.0.0.0
USER 1000:1000
WORKDIR /data
CMD ["cabletrace", "--help"]
