"""The simulated Azure OpenAI."""
