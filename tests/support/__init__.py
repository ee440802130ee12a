"""What tests of several kinds share: real servers on real sockets."""
