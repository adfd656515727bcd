"""The verifier's desk: reports that look alike, who has one open, the harmless ones."""
