"""Effects that the plain difference does not give: rates, ratings, series, lengths of use."""
