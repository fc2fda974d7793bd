"""Settings (设置): environment variables HAZARDLOOP_…, each with a default that works on one machine."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation may choose; secrets lie in files under `data_dir`, never here."""

    model_config = SettingsConfigDict(env_prefix="HAZARDLOOP_", extra="ignore")

    data_dir: Path = Field(Path("hazardloop-data"), description="数据目录：嵌入式数据库、佐证材料、密钥、锚定文件")
    database_url: str = Field("", description="数据库地址；留空时用数据目录中的 SQLite")
    profile: str = Field("national", description="地方规则：内置名称，或一个 .toml 文件的路径")
    host: str = Field("127.0.0.1", description="服务监听地址")
    port: int = Field(8000, description="服务监听端口")
    base_url: str = Field(
        "", pattern=r"^(https?://[^/\s?#]+[^\s?#]*)?$", description="消息中链接的前缀，如 https://example.gov.cn"
    )
    sweep_seconds: int = Field(2, ge=1, description="时限巡查的间隔（秒）")
    deliver_seconds: int = Field(2, ge=1, description="消息投递的间隔（秒）")
    allowed_lateness_seconds: int = Field(60, ge=5, description="时限处理允许的最大延迟（秒），超过则健康检查变红")
    outbound: str = Field("", description="钉钉之外允许投递的目标，逗号分隔的 scheme://主机:端口")

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir}/hazardloop.db"
