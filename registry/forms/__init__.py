"""Forms of the registry: the kader's report, the verifier's decision, people and visits."""
