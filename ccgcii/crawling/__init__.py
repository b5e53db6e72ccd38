"""Crawling: Scrapy fetches, the store remembers, the archive keeps the bytes."""
