"""数据接口 the HTTP API: reports one by one or as a stream, readings, cases and acts, Open311."""
