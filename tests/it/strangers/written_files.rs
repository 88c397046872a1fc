//! Files that the program writes where others can prepare the ground.
