"""Local heritage 地方资源: what a county's people know, made, did and keep (R76–R81).

Items of every kind with their pictures, recordings and documents; entered in the village, reviewed
by the branch, published by the main hall; shown in collections, exhibitions, on a map and through
time; given to the world by IIIF, OAI-PMH and linked data.
"""
