"""数据资源 what people do on the one platform: ask for data, grant it, better it, return it, set its standards."""
