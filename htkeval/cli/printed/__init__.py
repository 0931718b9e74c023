"""The documents that commands print beside the nouns themselves, by what they are about."""
