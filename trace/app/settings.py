"""Settings: where the data lies and how the service is reached, from options and ``CABLETRACE_*``."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..http.allowance import EVENTS_PER_MINUTE, READS_PER_MINUTE
from ..ledger.cosigning import PERIOD_SECONDS
from ..ledger.room import MOST_WAITING, MOST_WAITING_BYTES


class Settings(BaseSettings):
    """Read when asked for, never on import. An option on the command line goes before the environment."""

    model_config = SettingsConfigDict(env_prefix="CABLETRACE_", env_ignore_empty=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="data folder 数据目录")
    database: str = Field(
        default="",
        description="PostgreSQL for the ledger that is made, such as postgresql://user@host/name; else files 数据库",
    )
    search: str = Field(
        default="",
        description="Elasticsearch for the installation that is made, such as https://user:password@host:9200; else "
        "the embedded index 检索引擎",
    )
    bind: str = Field(default="127.0.0.1", description="address to listen on 监听地址")
    port: int = Field(default=8000, ge=0, le=65535, description="port, 0 picks a free one 端口")
    public_host: str = Field(
        default="", description="host name printed in QR codes, chosen once at init 对外域名"
    )
    cosign_seconds: float = Field(
        default=PERIOD_SECONDS, gt=0, le=3600, description="how often witnesses are asked 会签间隔（秒）"
    )
    # Not less than one request may bring.
    waiting_events: int = Field(
        default=MOST_WAITING, ge=1_000, description="events that may wait to be recorded 等待入账的事件上限"
    )
    waiting_bytes: int = Field(
        default=MOST_WAITING_BYTES, ge=16_000_000, description="bytes of these 等待入账的字节上限"
    )
    # Of one session or one API key.
    reads_per_minute: int = Field(
        default=READS_PER_MINUTE,
        ge=1,
        description="expensive readings and exports a minute 每分钟查询和导出次数",
    )
    events_per_minute: int = Field(
        default=EVENTS_PER_MINUTE, ge=1, description="events recorded a minute 每分钟记录事件数"
    )
    development: bool = Field(default=False, description="serve /dev pages 开发页面")
