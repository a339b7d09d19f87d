"""Which request each response answers: our transactions against tshark's, frame by frame, over UDP.

tshark pairs by Call-ID, CSeq and direction of a conversation and keeps the first response only
(`sip.response-request`, `sip.request-frame` of 4.0); we pair by branch. Differences are explained
in `differences.py`.
"""



