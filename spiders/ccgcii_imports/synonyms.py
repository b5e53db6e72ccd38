"""The names that exports give to the fields of a record, the usual first.

Compared without case, spaces and signs: `Post Created` is `postcreated`.
"""

from __future__ import annotations

SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": ("idstr", "tweetid", "postid", "videoid", "mediaid", "storiesid", "articleid", "id"),
    "url": (
        "url",
        "permalink",
        "permalinkurl",
        "posturl",
        "articleurl",
        "webpageurl",
        "link",
        "href",
    ),
    "title": ("title", "headline", "videotitle", "linktext", "articletitle"),
    "text": (
        "fulltext",
        "full",
        "bodytext",
        "body",
        "text",
        "message",
        "content",
        "rawcontent",
        "articletext",
        "caption",
        "description",
        "videodescription",
        "snippet",
        "summary",
    ),
    "published_at": (
        "publishedat",
        "publishdate",
        "publisheddate",
        "datepublished",
        "pubdate",
        "published",
        "createdat",
        "createdtime",
        "creationtime",
        "postcreated",
        "date",
        "datetime",
        "timestamp",
        "timestamputc",
    ),
    "outlet": (
        "outlet",
        "publisher",
        "domain",
        "medianame",
        "publication",
        "sourcename",
        "site",
        "source",
    ),
    "author": (
        "screenname",
        "screen",
        "username",
        "handle",
        "authorhandle",
        "author",
        "byline",
        "channelid",
        "pageid",
        "authorid",
        "userid",
        "user",
    ),
    "author_followers": (
        "followers",
        "followerscount",
        "authorfollowers",
        "userfollowers",
        "userfollowerscount",
        "followersatposting",
        "followercount",
        "subscribercount",
        "channelfollowercount",
    ),
    "country": ("countrycode", "country", "pageadmintopcountry", "placecountrycode"),
    "language": ("language", "lang", "languageguess", "defaultlanguage"),
    "likes": (
        "likes",
        "likecount",
        "favoritecount",
        "favouritecount",
        "numlikes",
        "reactlike",
        "reactioncount",
    ),
    "comments": ("comments", "commentcount", "numcomments", "replycount", "replies"),
    "shares": ("shares", "sharecount", "retweetcount", "retweets", "repostcount"),
    "views": ("views", "viewcount", "impressioncount", "playcount", "postviews"),
}

# Columns that only one channel's exports have; any one of them decides.
SIGNATURES: dict[str, frozenset[str]] = {
    "x": frozenset({"idstr", "tweetid", "retweetcount", "retweets", "quotecount", "favoritecount"}),
    "youtube": frozenset({"videoid", "videotitle", "channeltitle", "youtubeid"}),
    "facebook": frozenset({"pageid", "reactlike", "reactlove", "pagename", "facebookid"}),
    "instagram": frozenset({"shortcode", "instagramid"}),
    "media": frozenset(
        {"headline", "outlet", "publisher", "byline", "medianame", "articletext", "storiesid"}
    ),
}

# What else a column of channels calls them.
ALIASES = frozenset({"twitter", "news", "web"})

HOSTS: dict[str, str] = {
    "twitter.com": "x",
    "x.com": "x",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "instagram.com": "instagram",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
}


def squeeze(column: str) -> str:
    """Return a column's name without case, spaces and signs."""
    return "".join(character for character in column.casefold() if character.isalnum())
