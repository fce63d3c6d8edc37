"""The paper's model: its equations, its rivals' routers, and the parts that they are made of."""
