from tests.databases import blank, postgresql_engine, postgresql_server, store, url

__all__ = ["blank", "postgresql_engine", "postgresql_server", "store", "url"]
