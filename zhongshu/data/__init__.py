"""一个平台 one platform: the central base database; the only place with SQL."""
