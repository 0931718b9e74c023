"""Windows on the evidence: a Streamlit app that reads, shows and never computes."""
