"""数据湖 the lake: days past the hot window as Parquet files by day and district, read together with the hot part."""
