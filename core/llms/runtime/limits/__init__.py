"""The parts of the rate limiter, one idea a file. `rate_limiter` beside this folder is what is public of them."""
